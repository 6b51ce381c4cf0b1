Attribute VB_Name = "Timix"
' Timix: what the ribbon calls.
'
' What this module may do:
' - start the Python that Timix was installed with, whose whole path stands in the user's own settings;
' - hand it the id of the button that was pressed and the version of this add-in, and nothing else;
' - ask it for the value of a worksheet function;
' - write the path of a file that the user chose into the cell timix_import_file.
' No setting, path or code is read from a workbook that is open, or from its folder.
'
' Everything is Private but the callbacks of the ribbon, TimixPing and the worksheet functions, because a cell of any
' workbook can call a Public function of an add-in. That alone is not relied on, because Excel may run Private ones by
' name: none that starts a program, loads a library or reads a file takes an argument.
' In this part no conditional compilation and no types of Excel stand, so that other programs can run it.

' The button that Python is to be started for. Only RunAction sets it, and TakenCommand empties it.
Private PressedAction As String
' Part of a file name, new for each press. Only ExecuteWindows sets it.
Private LogName As String

' Nothing to keep: no label of the ribbon changes.
Public Sub RibbonLoad(ribbon As Object)
End Sub

Public Sub RibbonAction(control As Object)
    Dim action As String
    action = control.ID
    If Not CanBePressed(action) Then Exit Sub
    On Error GoTo failed
    If ActiveWorkbook Is Nothing Then
        If IsInProtectedView() Then
            Tell "The workbook is open in Protected View. Press Enable Editing first, then the button again."
            Exit Sub
        End If
        AddWorkbook
    End If
    If Not CanBeNamed(ActiveWorkbook.Name) Then
        Tell "Timix cannot work in a workbook of this name. Save it under another one, without a space in front and without = % | $ ` or a quotation mark."
        Exit Sub
    End If
    RunAction action
    ' Worksheet functions are not volatile: Excel asks them again only when it is told to.
    If action = "recalculate" Then Recalculate
    Exit Sub
failed:
    Tell Err.Description
End Sub

' A workbook in Protected View is none that is active. Asked of an Object, because Excel on Mac has no such member.
Private Function IsInProtectedView() As Boolean
    Dim host As Object
    On Error Resume Next
    Set host = Application
    IsInProtectedView = (host.ProtectedViewWindows.Count > 0)
End Function

Private Sub AddWorkbook()
    Workbooks.Add
End Sub

' Checks for itself: whoever calls it by name comes as far as a press of the same button, and no farther.
Private Sub RunAction(action As String)
    If Not CanBePressed(action) Then Exit Sub
    If Not CanBeNamed(ActiveWorkbook.Name) Then Exit Sub
    If action = "import_entries" Then
        ' Else whoever sent the workbook would choose the file.
        If Not FileIsChosen() Then Exit Sub
    End If
    PressedAction = action
    StartPython
End Sub

' An id, not from a cell: there, Application.Caller is the cell.
Private Function CanBePressed(action As String) As Boolean
    If TypeName(Application.Caller) = "Range" Then Exit Function
    CanBePressed = Not (action = "" Or action Like "*[!a-z_]*")
End Function

' All that Python is told. To be had once for each press: started by name, Python is told nothing, and not started.
Private Function TakenCommand() As String
    Dim action As String
    action = PressedAction
    PressedAction = ""
    If action = "" Then Exit Function
    TakenCommand = "import timix_xl.macros.ribbon;timix_xl.macros.ribbon.press('" & action & "','" & AddinVersion() & "')"
End Function

Public Sub RibbonLabel(control As Object, ByRef returnedVal)
    returnedVal = "Timix " & AddinVersion()
End Sub

Public Function TimixPing() As String
    TimixPing = AddinVersion()
End Function

' From the first sheet of the add-in itself, where it stands beside its name.
Private Function AddinVersion() As String
    AddinVersion = ThisWorkbook.Sheets(1).Range("B1").Value
End Function

' The name goes into a command, where the shell or Python would read these characters.
Private Function CanBeNamed(book As String) As Boolean
    Dim position As Integer
    CanBeNamed = (book = Trim(book))
    For position = 1 To Len(book)
        If InStr("=%|$`" & Chr(34), Mid(book, position, 1)) > 0 Then CanBeNamed = False
    Next position
End Function

' Of a workbook that has no such cell, Python says what is wrong.
Private Function FileIsChosen() As Boolean
    Dim target As Object
    Dim chosen As Variant
    FileIsChosen = True
    Set target = ImportCell()
    If target Is Nothing Then Exit Function
    chosen = AskForFile()
    FileIsChosen = (VarType(chosen) = vbString)
    If FileIsChosen Then target.Value = chosen
End Function

Private Function ImportCell() As Object
    On Error Resume Next
    ' A bracket leads into another workbook.
    If InStr(ActiveWorkbook.Names("timix_import_file").RefersTo, "[") > 0 Then Exit Function
    Set ImportCell = ActiveWorkbook.Names("timix_import_file").RefersToRange
End Function

' False when the user cancels.
Private Function AskForFile() As Variant
    If Application.PathSeparator = "\" Then
        AskForFile = Application.GetOpenFilename("Entries and books,*.csv;*.txt;*.xlsx;*.xlsm;*.json,All files,*.*", _
            1, "Entries, timesheet exports, books")
    Else
        ' Excel on Mac knows no such filter.
        AskForFile = Application.GetOpenFilename()
    End If
End Function

Private Sub Recalculate()
    ' What a function complained about is asked again, of a Python that did not start, too.
    Application.StatusBar = False
    NotServing = ""
    CalculateAll
End Sub

Private Sub CalculateAll()
    Application.CalculateFull
End Sub

Private Sub Tell(text As String)
    MsgBox text, vbExclamation, "Timix"
End Sub
