"""Attributes: Excel reads by the schema, and repairs a part with one that the schema has not."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from tests.ooxml.book import Book
from tests.ooxml.package import MAIN, local

_BOOLEAN = re.compile("0|1|true|false")
_COUNT = re.compile("-?[0-9]+")
_NUMBER = re.compile(r"-?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
_FORMS = {"b": _BOOLEAN, "n": _COUNT, "d": _NUMBER}

# ECMA-376-1, 18.2 to 18.8: of each element the attributes; b is a boolean, n a whole number, d any.
_SCHEMA = """
row: r/n spans s/n customFormat/b ht/d hidden/b customHeight/b outlineLevel/n collapsed/b
    thickTop/b thickBot/b ph/b
c: r s/n t cm/n vm/n ph/b
f: t aca/b ref dt2D/b dtr/b del1/b del2/b r1 r2 ca/b si/n bx/b
v:
col: min/n max/n width/d style/n hidden/b bestFit/b customWidth/b phonetic/b outlineLevel/n
    collapsed/b
sheetPr: syncHorizontal/b syncVertical/b syncRef transitionEvaluation/b transitionEntry/b
    published/b codeName filterMode/b enableFormatConditionsCalculation/b
outlinePr: applyStyles/b summaryBelow/b summaryRight/b showOutlineSymbols/b
pageSetUpPr: autoPageBreaks/b fitToPage/b
dimension: ref
sheetView: windowProtection/b showFormulas/b showGridLines/b showRowColHeaders/b showZeros/b
    rightToLeft/b tabSelected/b showRuler/b showOutlineSymbols/b defaultGridColor/b
    showWhiteSpace/b view topLeftCell colorId/n zoomScale/n zoomScaleNormal/n
    zoomScaleSheetLayoutView/n zoomScalePageLayoutView/n workbookViewId/n
pane: xSplit/d ySplit/d topLeftCell activePane state
selection: pane activeCell activeCellId/n sqref
sheetFormatPr: baseColWidth/n defaultColWidth/d defaultRowHeight/d customHeight/b zeroHeight/b
    thickTop/b thickBottom/b outlineLevelRow/n outlineLevelCol/n
mergeCells: count/n
mergeCell: ref
conditionalFormatting: pivot/b sqref
cfRule: type dxfId/n priority/n stopIfTrue/b aboveAverage/b percent/b bottom/b operator text
    timePeriod rank/n stdDev/n equalAverage/b
cfvo: type val gte/b
dataBar: minLength/n maxLength/n showValue/b
dataValidations: disablePrompts/b xWindow/n yWindow/n count/n
dataValidation: type errorStyle imeMode operator allowBlank/b showDropDown/b showInputMessage/b
    showErrorMessage/b errorTitle error promptTitle prompt sqref
hyperlink: ref location tooltip display
pageMargins: left/d right/d top/d bottom/d header/d footer/d
pageSetup: paperSize/n paperHeight paperWidth scale/n firstPageNumber/n fitToWidth/n fitToHeight/n
    pageOrder orientation usePrinterDefaults/b blackAndWhite/b draft/b cellComments
    useFirstPageNumber/b errors horizontalDpi/n verticalDpi/n copies/n
headerFooter: differentOddEven/b differentFirst/b scaleWithDoc/b alignWithMargins/b
tableParts: count/n
table: id/n name displayName comment ref tableType headerRowCount/n insertRow/b insertRowShift/b
    totalsRowCount/n totalsRowShown/b published/b headerRowDxfId/n dataDxfId/n totalsRowDxfId/n
    headerRowBorderDxfId/n tableBorderDxfId/n totalsRowBorderDxfId/n headerRowCellStyle
    dataCellStyle totalsRowCellStyle connectionId/n
tableColumns: count/n
tableColumn: id/n uniqueName name totalsRowFunction totalsRowLabel queryTableFieldId/n
    headerRowDxfId/n dataDxfId/n totalsRowDxfId/n headerRowCellStyle dataCellStyle
    totalsRowCellStyle
tableStyleInfo: name showFirstColumn/b showLastColumn/b showRowStripes/b showColumnStripes/b
autoFilter: ref
filterColumn: colId/n hiddenButton/b showButton/b
sheet: name sheetId/n state
definedName: name comment customMenu description help statusBar localSheetId/n hidden/b function/b
    vbProcedure/b xlm/b functionGroupId/n shortcutKey publishToServer/b workbookParameter/b
workbookPr: date1904/b showObjects showBorderUnselectedTables/b filterPrivacy/b promptedSolutions/b
    showInkAnnotation/b backupFile/b saveExternalLinkValues/b updateLinks codeName
    hidePivotFieldList/b showPivotChartFilter/b allowRefreshQuery/b publishItems/b
    checkCompatibility/b autoCompressPictures/b refreshAllConnections/b defaultThemeVersion/n
workbookView: visibility minimized/b showHorizontalScroll/b showVerticalScroll/b showSheetTabs/b
    xWindow/n yWindow/n windowWidth/n windowHeight/n tabRatio/n firstSheet/n activeTab/n
    autoFilterDateGrouping/b
calcPr: calcId/n calcMode fullCalcOnLoad/b refMode iterate/b iterateCount/n iterateDelta/d
    fullPrecision/b calcCompleted/b calcOnSave/b concurrentCalc/b concurrentManualCount/n
    forceFullCalc/b
numFmt: numFmtId/n formatCode
xf: numFmtId/n fontId/n fillId/n borderId/n xfId/n quotePrefix/b pivotButton/b applyNumberFormat/b
    applyFont/b applyFill/b applyBorder/b applyAlignment/b applyProtection/b
alignment: horizontal vertical textRotation/n wrapText/b indent/n relativeIndent/n
    justifyLastLine/b shrinkToFit/b readingOrder/n
protection: locked/b hidden/b
cellStyle: name xfId/n builtinId/n iLevel/n hidden/b customBuiltin/b
border: diagonalUp/b diagonalDown/b outline/b
color: auto/b indexed/n rgb theme/n tint/d
fgColor: auto/b indexed/n rgb theme/n tint/d
bgColor: auto/b indexed/n rgb theme/n tint/d
tabColor: auto/b indexed/n rgb theme/n tint/d
patternFill: patternType
b: val/b
i: val/b
strike: val/b
u: val
sz: val/d
comment: ref authorId/n guid shapeId/n
sst: count/n uniqueCount/n
"""


def _schema() -> dict[str, dict[str, str]]:
    lines = re.findall(r"^(\w+):((?:.|\n(?! *\w+:)(?=    ))*)", _SCHEMA, re.MULTILINE)
    entries = {tag: [one.partition("/") for one in words.split()] for tag, words in lines}
    return {tag: {name: form for name, _, form in words} for tag, words in entries.items()}


KNOWN = _schema()


def attributes_are_known(book: Book) -> Iterator[str]:
    """An unknown attribute or one of another form: "Repaired Part … with XML error. Load error"."""
    for part in book.package.xml_parts:
        root = book.package.root(part)
        if root is None or root.tag == f"{MAIN}calcChain":  # its c is another one
            continue
        for element in root.iter():
            if str(element.tag).startswith(MAIN):
                for problem in _odd(element):
                    yield f"{part}: {local(element.tag)} {problem}"


def _odd(element: Element) -> Iterator[str]:
    known = KNOWN.get(local(element.tag))
    if known is None:
        return
    for name, value in element.attrib.items():
        if name.startswith("{"):
            continue
        form = known.get(name)
        if form is None:
            yield f"has an attribute {name}, which the schema has not"
        elif form and not _FORMS[form].fullmatch(value):
            yield f"has the {name} {value!r}"


RULES = (attributes_are_known,)
