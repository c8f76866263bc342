from tests.chat_servers import prosody

__all__ = ["prosody"]
