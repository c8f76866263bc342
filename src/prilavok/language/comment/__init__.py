"""Order comments in Russian, Ukrainian and English: what does the customer ask for, and in which words?"""

from prilavok.language.comment.reading import read_comment

__all__ = ["read_comment"]
