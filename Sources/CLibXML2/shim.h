// Without ICU's types, which Foundation brings in another version: modules that see both do not compile. They end one
// structure, xmlCharEncodingHandler, which is handled by its address alone.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
