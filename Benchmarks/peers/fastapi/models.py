"""The tables of the FastAPI peer. Instants are UTC without a zone, which SQLite would not keep."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    type_annotation_map = {list[dict[str, Any]]: JSON, dict[str, Any]: JSON}
    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-1)


class Account(Base):
    __tablename__ = "account"
    username: Mapped[str] = mapped_column(unique=True)
    salt: Mapped[bytes]
    password_hash: Mapped[bytes]


class Venue(Base):
    __tablename__ = "venue"
    name: Mapped[str]
    location: Mapped[str]
    capacity: Mapped[int]
    status: Mapped[str]
    notice: Mapped[str]
    exclusive: Mapped[bool]
    time_zone: Mapped[str]
    opening_hours: Mapped[list[dict[str, Any]]]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class TimeSlot(Base):
    __tablename__ = "time_slot"
    venue_id: Mapped[int] = mapped_column(ForeignKey(Venue.id), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    capacity: Mapped[int]
    venue: Mapped[Venue] = relationship()


class Reservation(Base):
    __tablename__ = "reservation"
    user_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    time_slot_id: Mapped[int] = mapped_column(ForeignKey(TimeSlot.id))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    status: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    __table_args__ = (
        Index("reservation_by_user", "user_id", "starts_at", "ends_at"),
        Index("reservation_once", "time_slot_id", "user_id", unique=True, sqlite_where=text("status = 'confirmed'"),
              postgresql_where=text("status = 'confirmed'")),
    )


class Event(Base):
    __tablename__ = "event"
    channel: Mapped[str] = mapped_column(index=True)
    data: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class Audit(Base):
    __tablename__ = "audit"
    actor: Mapped[int]
    action: Mapped[str]
    thing: Mapped[str]
    after: Mapped[dict[str, Any]]
    at: Mapped[datetime]
