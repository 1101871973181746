import Crypto
import Foundation

/// What opens a calendar to whoever has its address: 256 random bits, so that a plain hash is enough to keep.
struct FeedSecret {
    private static let bytesCount = 32

    private let bytes: [UInt8]

    init(randomBytes: (_ count: Int) -> [UInt8]) {
        bytes = randomBytes(Self.bytesCount)
    }

    /// The last part of an address; nil for anything that never was one.
    init?(file: String) {
        guard file.utf8.count == 47, file.hasSuffix(".ics") else { return nil }
        let base64 = String(file.dropLast(4)).replacing("-", with: "+").replacing("_", with: "/") + "="
        guard let data = Data(base64Encoded: base64), data.count == Self.bytesCount else { return nil }
        bytes = Array(data)
    }

    /// In base64url, with the ending by which programs know a calendar.
    var file: String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "") + ".ics"
    }

    var hash: [UInt8] { Array(SHA256.hash(data: bytes)) }
}
