from tests.homeserver import homeserver

__all__ = ["homeserver"]
