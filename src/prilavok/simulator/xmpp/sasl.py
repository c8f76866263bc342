"""The server's side of logging in: SCRAM (RFC 5802, RFC 7677) and PLAIN."""

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode

HASHES = {"SCRAM-SHA-256": "sha256", "SCRAM-SHA-1": "sha1"}
MECHANISMS = (*HASHES, "PLAIN")  # the best first
ROUNDS = 4096


class NotAuthorizedError(Exception):
    pass


class Login:
    """One try. `challenge` is what the client is asked next, empty once it is in; `success` goes along with the yes."""

    def __init__(self, mechanism: str, user: str, password: str) -> None:
        if mechanism not in MECHANISMS:
            raise NotAuthorizedError(mechanism)
        self.mechanism, self.user, self.password = mechanism, user, password
        self.challenge = self.success = b""
        self._first = self._asked = ""

    def hears(self, said: str) -> None:
        """What the client says, in base64. NotAuthorizedError for anything that is not right."""
        try:
            words = b64decode(said.strip(), validate=True).decode()
            if self.mechanism == "PLAIN":
                self._plain(words)
            elif not self._asked:
                self._begin(words)
            else:
                self._end(words)
        except (ValueError, KeyError) as error:
            raise NotAuthorizedError("not to be read") from error

    def _plain(self, words: str) -> None:
        _, user, password = words.split("\0")
        if (user, password) != (self.user, self.password):
            raise NotAuthorizedError(user)

    def _begin(self, words: str) -> None:
        flag, _, self._first = words.split(",", 2)
        said = _fields(self._first)
        if flag not in {"n", "y"} or said["n"].replace("=2C", ",").replace("=3D", "=") != self.user:
            raise NotAuthorizedError(words)
        self._salt = secrets.token_bytes(16)
        self._nonce = said["r"] + secrets.token_urlsafe(18)
        self._head = f"{flag},,".encode()
        self._asked = f"r={self._nonce},s={b64encode(self._salt).decode()},i={ROUNDS}"
        self.challenge = self._asked.encode()

    def _end(self, words: str) -> None:
        said = _fields(words)
        name = HASHES[self.mechanism]
        salted = hashlib.pbkdf2_hmac(name, self.password.encode(), self._salt, ROUNDS)
        client, server = (hmac.digest(salted, word, name) for word in (b"Client Key", b"Server Key"))
        signed = ",".join([self._first, self._asked, words.rpartition(",p=")[0]]).encode()
        signature = hmac.digest(hashlib.new(name, client).digest(), signed, name)
        proof = bytes(one ^ other for one, other in zip(client, signature, strict=True))
        right = said["r"] == self._nonce and b64decode(said["c"]) == self._head
        if not right or not hmac.compare_digest(proof, b64decode(said["p"])):
            raise NotAuthorizedError("wrong password")
        self.challenge = b""
        self.success = b"v=" + b64encode(hmac.digest(server, signed, name))


def _fields(words: str) -> dict[str, str]:
    return dict(one.split("=", 1) for one in words.split(",") if "=" in one)
