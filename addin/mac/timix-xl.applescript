-- Starts the Python of Timix for a button of the ribbon, in the background, and returns at once.
-- Excel hands over one text: the path of Python, the command, the name of the workbook, the path of the log.
-- Every part is quoted, so that the shell reads none of it; no profile of the user is read.
-- What Python says as it goes wrong stands in the log. Excel shows it and removes it, if Python could reach Excel; what is
-- left was shown to nobody, and is shown here. It is handed on as a value: neither the shell nor AppleScript reads it.

on VbaHandler(givenText)
	set oldDelimiters to AppleScript's text item delimiters
	set AppleScript's text item delimiters to "|"
	set parts to text items of givenText
	set AppleScript's text item delimiters to oldDelimiters
	if (count of parts) is not 4 then return "Timix was given something that it does not know."
	set {pythonPath, pythonCommand, workbookName, logPath} to parts
	if pythonPath does not start with "/" then return "Timix does not find its Python. Run in a terminal: timix-xl addin install"
	set started to quoted form of pythonPath & " -I -B -u -W ignore -c " & quoted form of pythonCommand
	set started to started & " " & quoted form of ("--wb=" & workbookName) & " --from_xl=1"
	set started to started & " > /dev/null 2> " & quoted form of logPath
	set leftOver to "left=$(/usr/bin/tail -n 20 " & quoted form of logPath & ")"
	set shown to "/usr/bin/osascript -e 'on run said' -e 'display alert (item 1 of said) message (item 2 of said)' -e 'end run'"
	set shown to shown & " Timix \"Python has ended with words that Excel did not show. Timix is not working any more, whatever the status bar says. $left\""
	try
		do shell script "test -x " & quoted form of pythonPath
	on error
		return "Timix does not find its Python. Run in a terminal: timix-xl addin install"
	end try
	try
		do shell script "(" & started & "; " & leftOver & "; test -z \"$left\" || " & shown & ") > /dev/null 2>&1 &"
	on error problem
		return problem
	end try
	return ""
end VbaHandler
