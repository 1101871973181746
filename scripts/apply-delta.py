#!/usr/bin/env python3
"""Applies Fossil deltas, written from the format's description and from nothing of Ringside's: the judge of its encoder.

Reads lines of `<base> <delta>` in base 64 and writes what each makes, in base 64; a line that starts with "!" for one that is no delta on
that base. With --text also checks that a delta is UTF-8 where its base is.
"""
import base64
import sys

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~"


def split_number(rest: bytes) -> tuple[int, bytes]:
    length = 0
    while length < len(rest) and chr(rest[length]) in DIGITS:
        length += 1
    if length == 0:
        raise ValueError("a number is missing")
    value = 0
    for digit in rest[:length].decode("ascii"):
        value = value * 64 + DIGITS.index(digit)
    return value, rest[length:]


def checksum(text: bytes) -> int:
    padded = text + bytes(-len(text) % 4)
    return sum(int.from_bytes(padded[i : i + 4], "big") for i in range(0, len(padded), 4)) % 2**32


def apply(base: bytes, delta: bytes) -> bytes:
    size, rest = split_number(delta)
    if rest[:1] != b"\n":
        raise ValueError("the line break after the size is missing")
    rest = rest[1:]
    target = b""
    while True:
        number, rest = split_number(rest)
        operation, rest = rest[:1], rest[1:]
        if operation == b"@":
            offset, rest = split_number(rest)
            if rest[:1] != b"," or offset + number > len(base):
                raise ValueError("a copy of what the base does not have")
            target, rest = target + base[offset : offset + number], rest[1:]
        elif operation == b":":
            if number > len(rest):
                raise ValueError("new text is cut off")
            target, rest = target + rest[:number], rest[number:]
        elif operation == b";":
            if rest or len(target) != size or checksum(target) != number:
                raise ValueError("the size or the checksum is another")
            return target
        else:
            raise ValueError(f"unknown operation {operation!r}")


def main() -> None:
    for line in sys.stdin:
        base, delta = (base64.b64decode(part) for part in line.rstrip("\n").split(" "))
        try:
            if "--text" in sys.argv:
                delta.decode("utf-8")
            print(base64.b64encode(apply(base, delta)).decode("ascii"))
        except ValueError as error:
            print(f"! {error}")


if __name__ == "__main__":
    main()
