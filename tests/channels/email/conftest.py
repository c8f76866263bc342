from tests.mail_servers import mail_servers

__all__ = ["mail_servers"]
