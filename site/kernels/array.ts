// A NumPy array as it lies in memory, and whether a kernel may touch it.
//
// A kernel is given the addresses of arrays, which is what Python's id() is, and reads from them where the numbers
// lie. It works on what it has checked and on nothing else: a wrong guess would overwrite some other part of Python's
// memory. What is in any way unusual is left to NumPy.

// Where the fields of NumPy's array object stand, in bytes from its start (PyArrayObject_fields in NumPy 2, in a
// Python whose pointers have 32 bits). lab/kernels/check.py compares them with what NumPy says, before anything is used.
const TYPE: usize = 4;
const DATA: usize = 8;
const DIMENSIONS: usize = 12;
const SHAPE: usize = 16;
const STRIDES: usize = 20;
const DTYPE: usize = 28;
const FLAGS: usize = 32;

const CONTIGUOUS: u32 = 0x1; // row after row without a gap
const ALIGNED: u32 = 0x100;
const WRITEABLE: u32 = 0x400;

let ndarray: u32 = 0; // the addresses of the type numpy.ndarray, of dtype float32, of the dtype of token ids
let float32: u32 = 0;
let integer: u32 = 0;

/** Says what to recognise arrays by: before that, no kernel accepts any. */
export function recognise(type: u32, floats: u32, integers: u32): void {
  ndarray = type;
  float32 = floats;
  integer = integers;
}

@inline
export function data(array: usize): usize {
  return load<u32>(array, DATA);
}

@inline
export function dimensions(array: usize): i32 {
  return load<i32>(array, DIMENSIONS);
}

/** The size along an axis. */
@inline
export function size(array: usize, axis: i32): i32 {
  return load<i32>(<usize>load<u32>(array, SHAPE) + (<usize>axis << 2));
}

/** How many bytes further the next along an axis lies; going backwards it is negative. */
@inline
export function stride(array: usize, axis: i32): usize {
  return load<u32>(<usize>load<u32>(array, STRIDES) + (<usize>axis << 2));
}

/** How many numbers there are. */
export function count(array: usize): i32 {
  let product = 1;
  for (let axis = 0, n = dimensions(array); axis < n; axis++) product *= size(array, axis);
  return product;
}

function is(array: usize, dtype: u32, flags: u32): bool {
  return (
    load<u32>(array, TYPE) == ndarray && // first: of anything else the other fields may not exist
    load<u32>(array, DTYPE) == dtype &&
    (load<u32>(array, FLAGS) & flags) == flags
  );
}

/** Float32 numbers, one after the other. */
export function dense(array: usize): bool {
  return is(array, float32, CONTIGUOUS | ALIGNED);
}

/** The same in rows: two dimensions. */
export function matrix(array: usize): bool {
  return dense(array) && dimensions(array) == 2;
}

/** Float32 numbers that may be written, one after the other. */
export function result(array: usize): bool {
  return is(array, float32, CONTIGUOUS | ALIGNED | WRITEABLE);
}

/** Float32 numbers whose rows lie together, wherever each row lies. */
export function rows(array: usize): bool {
  if (!is(array, float32, ALIGNED) || dimensions(array) < 1) return false;
  const last = dimensions(array) - 1;
  return size(array, last) == 1 || stride(array, last) == 4;
}

/** Token ids, all of them below `limit`. */
export function ids(array: usize, limit: i32): bool {
  if (!is(array, integer, CONTIGUOUS | ALIGNED) || dimensions(array) != 1) return false;
  for (let i = 0, n = size(array, 0); i < n; i++) {
    if (id(array, i) >= <u32>limit) return false; // as an unsigned number, a negative one is too large as well
  }
  return true;
}

@inline
export function id(array: usize, i: i32): u32 {
  return load<u32>(data(array) + ((<usize>i) << 2));
}

/** Two arrays of one shape. */
export function alike(a: usize, b: usize): bool {
  const n = dimensions(a);
  if (n != dimensions(b)) return false;
  for (let axis = 0; axis < n; axis++) if (size(a, axis) != size(b, axis)) return false;
  return true;
}

/** Two dense arrays without a number in common. */
export function apart(a: usize, b: usize): bool {
  const startA = data(a), startB = data(b);
  return startA + ((<usize>count(a)) << 2) <= startB || startB + ((<usize>count(b)) << 2) <= startA;
}
