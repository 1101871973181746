#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Standard output is buffered in blocks when it is a pipe; whoever reads it waits for the address.
func flushOutput() {
    fflush(nil)
}
