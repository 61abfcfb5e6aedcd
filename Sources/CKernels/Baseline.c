/* The loops for what every processor of the architecture has. */

#define LOOP(name) name##_baseline
#include "Loops.h"
