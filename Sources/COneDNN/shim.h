#include <dnnl.h>

/* Of libgomp, which runs oneDNN's threads; its own header belongs to one compiler. Concerns the calling thread only. */
void omp_set_num_threads(int count);
