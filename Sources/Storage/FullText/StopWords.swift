/// English words that are in nearly every passage: they find nothing and cost most of the time of a search.
///
/// With the endings that are left of contractions when the apostrophe is taken for a boundary, as the index does.
package enum StopWords {
    package static let english: Set<String> = [
        "a", "about", "after", "again", "all", "am", "an", "and", "any", "are", "as", "at", "be", "because", "been",
        "before", "being", "but", "by", "can", "could", "d", "did", "didn", "do", "does", "doesn", "doing", "don",
        "for", "from", "had", "has", "have", "having", "he", "her", "here", "hers", "him", "his", "how", "i", "if",
        "in", "into", "is", "isn", "it", "its", "just", "ll", "m", "me", "my", "no", "nor", "not", "of", "on", "or",
        "our", "ours", "re", "s", "shall", "she", "should", "so", "some", "such", "t", "than", "that", "the", "their",
        "theirs", "them", "then", "there", "these", "they", "this", "those", "to", "too", "ve", "very", "was", "wasn",
        "we", "were", "weren", "what", "when", "where", "which", "while", "who", "whom", "why", "will", "with", "won",
        "would", "wouldn", "you", "your", "yours",
    ]
}
