import binascii as _b
import warnings
warnings.filterwarnings("ignore", message=".*pkg_resources.*")
version = "25.10.1"

def B(s):
    """Octets of a latin-1 string."""
    return s.encode("latin-1") if isinstance(s, str) else s

def S(b):
    """latin-1 string of octets."""
    return b.decode("latin-1") if isinstance(b, (bytes, bytearray)) else b

class binascii:
    b2a_hex = hexlify = staticmethod(lambda d: S(_b.b2a_hex(B(d))))
