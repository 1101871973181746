import Core

extension ValidationError {
    /// For text that no database keeps as it is.
    static var textHoldsNull: ValidationError {
        ValidationError([FieldFailure(pointer: "", code: "pattern", detail: "Text may not hold the character U+0000.")])
    }
}
