"""What an installation sets by environment (WHISTLE_…) or .env file."""

from __future__ import annotations

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """`data` is where the embedded database, the papers and the secret live; `database` overrides the first.

    `tick_seconds` is how long the clock sleeps at most, `patience_seconds` how long a worker that is told to stop may
    go on with the job in hand; `broker` carries jobs to Celery workers (redis:// or amqp://), `sms_url` is the gateway
    that text messages are posted to, `exchange` the file that says where other counties are reached.
    """

    model_config = SettingsConfigDict(env_prefix="WHISTLE_", env_file=".env", extra="ignore")

    data: Path = Path("var")
    database: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 64
    demo: bool = False
    clock: bool = False
    https: bool = False
    tick_seconds: float = 1.0
    patience_seconds: float = 30.0
    broker: str = ""
    sms_url: str = ""
    exchange: Path | None = None

    @property
    def address(self) -> str:
        """Where to point a browser at."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104  # only compared
        return f"http://{host}:{self.port}/"

    @property
    def database_url(self) -> str:
        """The database: the embedded SQLite file unless one is named."""
        if not self.database:
            return f"sqlite:///{self.data / 'whistle.sqlite'}"
        return self.database.replace("postgresql://", "postgresql+psycopg://", 1)
