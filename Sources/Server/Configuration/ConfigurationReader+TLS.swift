import Gateway

extension ConfigurationReader {
    /// Both files or none.
    ///
    /// - Throws: ``ConfigurationError`` that names the one that is missing.
    func tlsSettings(_ options: ServeOptions) throws -> TLSSettings? {
        let certificate = try text("tls-certificate", options.tlsCertificate, or: "")
        let key = try text("tls-key", options.tlsKey, or: "")
        switch (certificate.isEmpty, key.isEmpty) {
        case (true, true): return nil
        case (false, false): return TLSSettings(certificateFile: certificate, keyFile: key)
        case (true, false): throw ConfigurationError(key: "--tls-certificate", expected: "a file in PEM, as there is a --tls-key")
        case (false, true): throw ConfigurationError(key: "--tls-key", expected: "a file in PEM, as there is a --tls-certificate")
        }
    }
}
