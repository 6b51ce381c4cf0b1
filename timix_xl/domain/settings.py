"""The settings of a store: cut-off, number patterns, payment terms."""

from dataclasses import dataclass

from timix_xl.domain.numbering import SeriesPattern
from timix_xl.domain.periods import CutOff


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingSettings:
    """What holds for every run unless something nearer says otherwise."""

    cut_off: CutOff = CutOff.INCLUDE
    invoice_number: SeriesPattern = SeriesPattern("INV-{year}-{seq:05d}")
    credit_note_number: SeriesPattern = SeriesPattern("CN-{year}-{seq:05d}")
    pro_forma_number: SeriesPattern = SeriesPattern("PF-{seq:05d}")
    payment_terms_days: int = 30
    over_limit: str = "validate"
    locale: str = "en"
