"""The errors that are a person's to put right."""


class LenetError(Exception):
    """Something is wrong that the reader can fix.

    Its text is one sentence that says what is wrong and what to do. Front ends print it, without a
    traceback, and exit with a non-zero code.
    """


class DataError(LenetError):
    """The data set is missing, unreachable or corrupt."""


class UnknownBackendError(LenetError):
    """A backend or variant was named that does not exist or cannot be imported."""


class DeviceUnavailableError(LenetError):
    """The device asked for is not there, or the framework has no support for it installed."""


class PrecisionUnavailableError(LenetError):
    """The device cannot compute in the precision asked for."""


class BackendError(LenetError):
    """A backend broke its contract: a method is missing, or what it returned is not what was agreed."""
