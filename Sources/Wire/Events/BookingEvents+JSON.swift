// What every booking and every cancellation tells, spelled out member by member, in the order of the coding keys.

extension OccupancyChanged {
    public func appendJSON(to bytes: inout [UInt8]) {
        bytes.object { bytes in
            bytes.member("capacity", capacity)
            bytes.member("time_slot_id", timeSlotID)
            bytes.member("starts_at", startsAt)
            bytes.member("ends_at", endsAt)
            bytes.member("units_free", unitsFree)
        }
    }
}

extension ReservationCreated {
    public func appendJSON(to bytes: inout [UInt8]) {
        bytes.append(reservation, of: username)
    }
}

extension ReservationCancelled {
    public func appendJSON(to bytes: inout [UInt8]) {
        bytes.append(reservation, of: username)
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ reservation: ReservationDetail, of username: String?) {
        object { bytes in
            bytes.member("reservation", reservation)
            bytes.optional("username", username)
        }
    }
}

extension ReservationDetail: JSONWritable {
    func write(to bytes: inout [UInt8]) {
        bytes.object { bytes in
            bytes.member("id", id)
            bytes.member("status", status)
            bytes.member("date", date)
            bytes.member("user_id", userID)
            bytes.member("time_slot_id", timeSlotID)
            bytes.member("venue_id", venueID)
            bytes.optional("cancel_reason", cancelReason)
            bytes.member("start_time", startTime)
            bytes.member("end_time", endTime)
            bytes.member("starts_at", startsAt)
            bytes.member("ends_at", endsAt)
            bytes.member("created_at", createdAt)
            bytes.member("updated_at", updatedAt)
        }
    }
}
