/// Where the certificate of an encrypting listener lies.
public struct TLSSettings: Sendable, Equatable {
    /// A file with the certificate and those that vouch for it, in PEM, the server's own first.
    public var certificateFile: String
    /// A file with the certificate's private key, in PEM, not encrypted.
    public var keyFile: String

    public init(certificateFile: String, keyFile: String) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }
}
