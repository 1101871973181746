import Crypto
import Foundation

/// What opens something to whoever has its address: 256 random bits, so that a plain hash is enough to keep.
struct LinkSecret {
    private static let bytesCount = 32
    private static let textBytesCount = 43

    private let bytes: [UInt8]

    init(randomBytes: (_ count: Int) -> [UInt8]) {
        bytes = randomBytes(Self.bytesCount)
    }

    /// Nil for anything that never was one.
    init?(text: some StringProtocol) {
        guard text.utf8.count == Self.textBytesCount else { return nil }
        let base64 = String(text).replacing("-", with: "+").replacing("_", with: "/") + "="
        guard let data = Data(base64Encoded: base64), data.count == Self.bytesCount else { return nil }
        bytes = Array(data)
    }

    /// In base64url.
    var text: String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    var hash: [UInt8] { Array(SHA256.hash(data: bytes)) }
}
