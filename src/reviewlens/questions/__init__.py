"""What a question is: one function, declared once, from which every face of it is derived.

    def clusters(
        lease: Lease,
        *,
        resolution: Annotated[float | None, Gt(0), Le(1000)] = None,
        seed: Annotated[int, Ge(0)] = 0,
    ) -> Clusters:
        '''Group reviews by what they say: size, stars and quotes of each theme.

Args:
            resolution: Higher gives more and smaller clusters; without it the most stable.
            seed: The same one gives the same answer again.
        '''

    class Selection:
        clusters = Asked(find_clusters)

The method has the function's signature without its first parameter, and its docstring. Its names
and ranges are checked before anything is read. The command, the route, the rows of the
documentation and the key under which an answer is kept are made of `Asked.parameters`.

A parameter's annotation must exist when the program runs: what it names is imported, not only for
the type checker.
"""

from annotated_types import Ge, Gt, Le, Lt

from reviewlens.questions.asked import Asked, Later, asked_of, fixed, names_checked, one_of
from reviewlens.questions.parameters import (
    Face,
    Parameter,
    argument_texts,
    help_of,
    limit_of,
    settings_of,
)

__all__ = [
    "Asked",
    "Face",
    "Ge",
    "Gt",
    "Later",
    "Le",
    "Lt",
    "Parameter",
    "argument_texts",
    "asked_of",
    "fixed",
    "help_of",
    "limit_of",
    "names_checked",
    "one_of",
    "settings_of",
]
