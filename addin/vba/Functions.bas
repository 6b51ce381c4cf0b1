' Why Python did not start to serve the functions, and until when it is not started again. StartedServer sets them,
' Recalculate forgets them.
Private NotServing As String
Private NotServingUntil As Date

' What every worksheet function goes through.
Private Function Answer(functionName As String, arguments As Variant) As Variant
    Dim server As Object
    If InWizard() Then
        ' A cell that is calculated meanwhile keeps this: Empty would be a 0, which SUM takes for a number.
        Answer = CVErr(2042)
        Exit Function
    End If
    On Error GoTo failed
    If Not IsOurs(functionName) Then Err.Raise 5
    If Application.PathSeparator <> "\" Then Err.Raise 1000, "Timix", "Worksheet functions work on Windows only."
    Set server = FunctionServer()
    ' The add-in itself is named as the workbook: xlwings would look for code in the one that is active.
    ' In brackets, because Python takes values, not references to ours.
    Answer = WithErrors(server.CallUDF("timix_xl.functions", (functionName), (arguments), ThisWorkbook, Application.Caller))
    Exit Function
failed:
    ' An error, not its text: SUM would skip a text without a word.
    ShowStatus "Timix: " & Reason(Err.Description)
    Answer = CVErr(2015)
End Function

' A Python that does not start takes seconds to say so; every cell would wait for it.
Private Function FunctionServer() As Object
    If NotServing = "" Or Now >= NotServingUntil Then Set FunctionServer = StartedServer()
    If FunctionServer Is Nothing Then Err.Raise 1000, "Timix", NotServing
End Function

' Nothing where none starts.
Private Function StartedServer() As Object
    On Error GoTo failed
    NotServing = ""
    Set StartedServer = XLPy()
    Exit Function
failed:
    NotServing = Err.Description
    If NotServing = "" Then NotServing = "Python does not start."
    NotServingUntil = Now + TimeSerial(0, 1, 0)
End Function

' Of what Python says the first line, from behind the name of the error; the lines after it say where in Python.
Private Function Reason(said As String) As String
    Dim place As Long
    Reason = Replace(said, vbCr, vbLf) & vbLf
    Reason = Left(Reason, InStr(Reason, vbLf) - 1)
    place = InStr(Reason, ": ")
    If place > 0 And InStr(Reason, " ") = place + 1 Then Reason = Mid(Reason, place + 2)
End Function

' The name of a worksheet function; Python, too, calls nothing of that module but those.
Private Function IsOurs(functionName As String) As Boolean
    IsOurs = (functionName Like "TIMIX_*") And Not (functionName Like "*[!A-Z0-9_]*")
End Function

Private Sub ShowStatus(text As String)
    On Error Resume Next
    Application.StatusBar = Left(text, 250)
End Sub

' The function wizard calculates at every key; Python would be asked each time.
Private Function InWizard() As Boolean
    On Error Resume Next
    InWizard = Not Application.CommandBars("Standard").Controls(1).Enabled
End Function

' xlwings hands over a value, one row, or a table.
Private Function WithErrors(ByVal result As Variant) As Variant
    Dim across As Long
    Dim down As Long
    If Not IsArray(result) Then
        result = AsError(result)
    ElseIf IsTable(result) Then
        For down = LBound(result, 1) To UBound(result, 1)
            For across = LBound(result, 2) To UBound(result, 2)
                result(down, across) = AsError(result(down, across))
            Next across
        Next down
    Else
        For across = LBound(result) To UBound(result)
            result(across) = AsError(result(across))
        Next across
    End If
    WithErrors = result
End Function

Private Function IsTable(result As Variant) As Boolean
    Dim last As Long
    On Error GoTo oneRow
    last = UBound(result, 2)
    IsTable = True
oneRow:
End Function

Private Function AsError(value As Variant) As Variant
    AsError = value
    If VarType(value) <> vbString Then Exit Function
    If value = "#N/A" Then AsError = CVErr(2042)
    If value = "#VALUE!" Then AsError = CVErr(2015)
End Function
