' What starts Python, loads a library or reads a file. No procedure here that does any of it takes an argument:
' Excel runs procedures by name, perhaps private ones too, and whoever can name one must not choose what it opens.
' Those with the names of xlwings' own stand in for them. What they leave out on purpose: settings of the active
' workbook and of its folder, code kept in sheets, the paths of workbooks, Python by name, the environments and
' windows of other set-ups. A button starts a Python of its own: nothing is left behind.

Private Sub StartPython()
    #If Mac Then
        ExecuteMac
    #Else
        ExecuteWindows
    #End If
End Sub

Private Sub ExecuteWindows()
    Dim Command As String, Folder As String, CommandLine As String
    Dim Host As Object
    Command = TakenCommand()
    If Command = "" Then Exit Sub
    LogName = CreateGUID()
    Folder = ParentFolder(Interpreter())
    ' pywin32 finds its libraries from the folder of Python only; a folder on a share needs a letter.
    If Left$(Folder, 2) = "\\" Then
        CommandLine = "pushd """ & Folder & """"
    Else
        CommandLine = Left$(Folder, 2) & " & cd """ & Folder & """"
    End If
    CommandLine = CommandLine & " & """ & Interpreter() & """ -I -B -c """ & Command & """"
    CommandLine = CommandLine & " ""--wb=" & ActiveWorkbook.Name & """ --from_xl=1 --hwnd=" & Application.Hwnd
    Set Host = CreateObject("WScript.Shell")
    If Host.Run(CommandProcessor() & " /C " & CommandLine & " 2> """ & LogFile() & """", 0, True) <> 0 Then ShowError
    On Error Resume Next
    Kill LogFile()
End Sub

Private Sub ExecuteMac()
    #If Mac Then
        Dim Command As String, Python As String, Problem As String
        Command = TakenCommand()
        If Command = "" Then Exit Sub
        Python = Interpreter()
        ' CleanUp or the script shows it when Python ends.
        On Error Resume Next
        Kill LogFile()
        ' Python works on while Excel goes on; only this line says so.
        Application.StatusBar = "Timix is working..."
        On Error GoTo NoScript
        Problem = AppleScriptTask("timix-xl.applescript", "VbaHandler", _
            Python & "|" & Command & "|" & ActiveWorkbook.Name & "|" & LogFile())
        On Error GoTo 0
        If Problem = "" Then Exit Sub
        Application.StatusBar = False
        MsgBox Problem, vbCritical, "Timix"
        Exit Sub
NoScript:
        Application.StatusBar = False
        On Error GoTo 0
        Refuse "Excel does not find the script that starts Python."
    #End If
End Sub

' xlwings calls this by its name when Python has ended on a Mac. Whoever else does only sees what Python left.
Private Sub CleanUp()
    #If Mac Then
        Dim Said As String
        Application.StatusBar = False
        Application.ScreenUpdating = True
        Said = LastWords()
        ' Before it is shown: what is there when Python is gone, the script shows, because nobody has seen it.
        On Error Resume Next
        Kill LogFile()
        On Error GoTo 0
        If Said <> "" Then MsgBox Said, vbCritical, "Timix"
    #End If
End Sub

' A whole path, never a name that would be looked for. A Mac does not let Excel look whether the file is there.
Private Function Interpreter() As String
    Dim IsThere As Boolean
    Interpreter = ConfiguredInterpreter()
    #If Mac Then
        IsThere = Interpreter Like "/*"
    #Else
        On Error Resume Next
        If Interpreter Like "[A-Za-z]:\*" Or Interpreter Like "\\*" Then
            IsThere = (GetAttr(Interpreter) And vbDirectory) = 0
        End If
        On Error GoTo 0
    #End If
    If Not IsThere Then Refuse "Timix does not find its Python."
End Function

' From the user's own file: lines of a setting and its value, each in quotation marks.
Private Function ConfiguredInterpreter() As String
    Dim FileNumber As Integer
    Dim Wanted As String, Setting As String, Value As String
    #If Mac Then
        Wanted = "INTERPRETER_MAC"
    #Else
        Wanted = "INTERPRETER_WIN"
    #End If
    On Error GoTo NoFile
    FileNumber = FreeFile
    Open GetConfigFilePath() For Input As #FileNumber
    On Error GoTo Over
    Do While Not EOF(FileNumber)
        Input #FileNumber, Setting, Value
        If UCase(Setting) = Wanted Then
            ConfiguredInterpreter = Value
            Exit Do
        End If
    Loop
Over:
    Close #FileNumber
NoFile:
End Function

Private Function GetConfigFilePath() As String
    #If Mac Then
        GetConfigFilePath = Environ("HOME") & "/timix.conf"
    #Else
        GetConfigFilePath = Environ("USERPROFILE") & "\.timix\timix.conf"
    #End If
End Function

' What Python says as it goes wrong stands there.
Private Function LogFile() As String
    #If Mac Then
        LogFile = Environ("HOME") & "/timix.log"
    #Else
        LogFile = Environ("Temp") & "\timix-" & LogName & ".log"
    #End If
End Function

Private Function LastWords() As String
    Dim FileNumber As Integer
    Dim OneLine As String
    On Error GoTo NoFile
    FileNumber = FreeFile
    Open LogFile() For Input As #FileNumber
    On Error GoTo Over
    Do While Not EOF(FileNumber)
        Line Input #FileNumber, OneLine
        LastWords = LastWords & OneLine & vbCrLf
    Loop
Over:
    Close #FileNumber
NoFile:
End Function

' In a box of its own, never in a sheet.
Private Sub ShowError()
    Dim Content As String
    Dim Host As Object
    Content = LastWords()
    If Content = "" Then Content = "Python ended without a word."
    Set Host = CreateObject("WScript.Shell")
    Host.Popup Content & vbCrLf & "Press Ctrl+C to copy this message.", 0, "Timix", 16
End Sub

Private Sub Refuse(what As String)
    Err.Raise vbObjectError + 1, "Timix", what & " Run in a terminal: timix-xl addin install"
End Sub

' Without the commands that a user's registry adds to each start, and without reading ! in names.
Private Function CommandProcessor() As String
    CommandProcessor = Environ("SystemRoot") & "\System32\cmd.exe /D /V:OFF"
End Function

' -I: Python takes no module from the current folder, from PYTHONPATH or from the user's own packages.
' With /C, Excel hears at once of a Python that does not start; with /K it would wait for a minute.
Private Function XLPyCommand() As String
    XLPyCommand = CommandProcessor() & " /C """"" & Interpreter() & """" & _
        " -I -B -c ""import timix_xl.hosts.excel;timix_xl.hosts.excel.serve('$(CLSID)')"""""
End Function

' By its whole path, beside Python or, of a virtual environment, one folder up. A Declare then finds this one.
Private Sub XLPyLoadDLL()
    Dim Folder As String
    Folder = ParentFolder(Interpreter())
    If LoadLibrary(Folder & "\" & XLPyDLLName) <> 0 Then Exit Sub
    If LoadLibrary(ParentFolder(Folder) & "\" & XLPyDLLName) <> 0 Then Exit Sub
    Refuse XLPyDLLName & " is not beside the Python of Timix."
End Sub
