/* cppcheck.h - what cppcheck has to know beforehand, and the build's arguments say otherwise: one
 * variant of everything, and a loop of jansson's, whose headers it doesn't read. */
#define DSC_REAL  32
#define DSC_LEVEL base
#define DSC_LEVELS(X)          X(base)
#define DSC_EACH_LEVEL(X, ...) X(base, __VA_ARGS__)
#define json_array_foreach(array, i, value) \
  for (i = 0; i < json_array_size(array) && (value = json_array_get(array, i)); i++)
#define json_object_foreach(object, key, value)                                          \
  for (key = json_object_iter_key(json_object_iter(object));                             \
       key && (value = json_object_iter_value(json_object_key_to_iter(key))) != NULL;    \
       key = json_object_iter_key(json_object_iter_next(object, json_object_key_to_iter(key))))
