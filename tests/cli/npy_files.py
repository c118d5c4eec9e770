"""Good and broken .npy files that the cases name."""
import array
import struct


def npy(descr, shape, body=b"", version=(1, 0), header=None, length=None):
    """A file as NumPy writes it; `header` and `length` replace what would be true."""
    text = header if header is not None else \
        "{'descr': %s, 'fortran_order': False, 'shape': %s, }" % (descr if descr[0] == "[" else repr(descr), shape)
    start = 10 if version[0] == 1 else 12
    text += " " * (-(start + len(text) + 1) % 64) + "\n"
    size = len(text) if length is None else length
    return b"\x93NUMPY" + bytes(version) + struct.pack("<H" if start == 10 else "<I", size) + text.encode() + body


def floats(*values):
    return array.array("f", values).tobytes()


def longs(*values):
    return array.array("q", values).tobytes()


def files():
    x = npy("<f4", "(4, 2)", floats(*range(8)))
    y = npy("<i8", "(4,)", longs(0, 1, 0, 1))
    ordered = "{'descr': '<f4', 'fortran_order': True, 'shape': (4, 2), }"
    many = [(i % 7, i % 5) for i in range(40)]
    return {
        "a/x.npy": npy("|u1", "(40, 2)", bytes(v for row in many for v in row)),
        "a/y.npy": npy("|u1", "(40,)", bytes(r[0] > r[1] for r in many)),
        "y.npy": y,
        "x.npy": x,
        "three.npy": npy("<i8", "(3,)", longs(0, 1, 0)),
        "negative.npy": npy("<i8", "(4,)", longs(0, 1, -1, 1)),
        "huge.npy": npy("<i8", "(4,)", longs(0, 1, 1 << 40, 1)),
        "half.npy": npy("<f4", "(4,)", floats(0, 1, 0.5, 1)),
        "inf.npy": npy("<f4", "(4,)", floats(0, 1, float("inf"), 1)),
        "pairs.npy": npy("<i8", "(4, 2)", longs(*range(8))),
        "same.npy": npy("<i8", "(4,)", longs(1, 1, 1, 1)),
        "zip.npy": b"PK\3\4" + x,
        "short.npy": b"\x93NUM",
        "stub.npy": b"\x93NUMPY\1\0\x76",
        "version.npy": npy("<f4", "(4, 2)", floats(*range(8)), (4, 0)),
        "long.npy": npy("<f4", "(4, 2)", b"", (2, 0), length=1 << 30),
        "lying.npy": npy("<f4", "(4, 2)", b"", length=500),
        "big.npy": npy(">f4", "(4, 2)", floats(*range(8))),
        "complex.npy": npy("<c16", "(4, 2)"),
        "object.npy": npy("|O", "(4, 2)"),
        "fields.npy": npy("[('a', '<f4')]", "(4,)"),
        "fortran.npy": npy("", "", floats(*range(8)), header=ordered),
        "cut.npy": x[:-1],
        "more.npy": x + b"\0",
        "empty.npy": npy("<f4", "(0, 2)"),
        "scalar.npy": npy("<f4", "()", floats(1)),
        "zero.npy": npy("<f4", "(4, 0)"),
        "overflow.npy": npy("<f8", "(4294967295, 65536, 32767)"),
        "count.npy": npy("<f4", "(5000000000, 2)"),
        "digits.npy": npy("<f4", "(99999999999999999999, 2)"),
        "six.npy": npy("<f4", "(1, 1, 1, 1, 1, 1)", floats(1)),
        "key.npy": npy("", "", header="{'descr': '<f4', 'order': False, 'shape': (4, 2), }"),
        "twice.npy": npy("", "", header="{'descr': '<f4', 'descr': '<f4'}"),
        "missing.npy": npy("", "", header="{'descr': '<f4', 'fortran_order': False}"),
        "colon.npy": npy("", "", header="{'descr' '<f4'}"),
        "open.npy": npy("", "", header="{'descr': '<f4', 'fortran_order': False, 'shape': (4, 2"),
        "behind.npy": npy("", "", header="{'descr': '<f4', 'fortran_order': False, 'shape': (4, 2)} x"),
        "nan.npy": npy("<f4", "(4, 2)", floats(0, 1, 2, 3, 4, float("nan"), 6, 7)),
        "wide.npy": npy("<f8", "(4,)", array.array("d", [1, 2, 1e300, 4]).tobytes()),
        "odd.npy": (lambda f: f[:8] + struct.pack("<H", len(f) - 10) + f[10:] + bytes(32))(
            b"\x93NUMPY\1\0\0\0{'descr': '<f4', 'fortran_order': False, 'shape': (4, 2)}\n  "),
        "untold.npy": x,
        "mixed/x_train.npy": x,
        "mixed/y_train.npy": y,
        "mixed/x_test.npy": npy("|u1", "(1, 2)", bytes(2)),
        "mixed/y_test.npy": npy("|u1", "(1,)", bytes(1)),
        "alone/x_train.npy": x,
    }
