"""What the FastAPI peer is sent and answers: the bodies of Ringside."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict

Instant = Annotated[datetime, AfterValidator(lambda instant: instant.replace(tzinfo=UTC))]


class Credentials(BaseModel):
    username: str
    password: str


class Token(BaseModel):
    access_token: str
    token_type: str = "bearer"
    expires_in: int


class ReservationRequest(BaseModel):
    time_slot_id: int


class Row(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    created_at: Instant
    updated_at: Instant


class ReservationAnswer(Row):
    status: str
    user_id: int
    time_slot_id: int


class VenueAnswer(Row):
    name: str
    location: str
    capacity: int
    status: str
    notice: str
    exclusive: bool
    time_zone: str
    opening_hours: list[dict[str, Any]]


class VenueList(BaseModel):
    items: list[VenueAnswer]
