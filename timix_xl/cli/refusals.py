"""Why the command line itself refuses."""

from timix_xl.errors import RuleError


class DemoFolderTaken(RuleError):
    """A demo folder with files that the demo did not make and would have to replace."""

    code = "DEMO-01"
    says = "{folder} holds {files}, which the demo did not make. Nothing was changed there."
    do = "Choose an empty or a new folder: timix-xl demo --into DIR."


class DemoFolderUnwritable(RuleError):
    """A demo folder that cannot be made or written."""

    code = "DEMO-02"
    says = "{folder} cannot be used for the demo: {why}."
    do = "Choose a folder where you may write: timix-xl demo --into DIR."
