"""What the person beside the scanner does about each reason for which the court does not take a file."""

PRINT_ANEW = "Open the file, print it to a new PDF (“Print to PDF”), and put that into the watched folder."
SCAN_ANEW = "Scan the paper again and put the new file into the watched folder."
ASK = "Keep the paper and ask whoever looks after the stations; nothing can be done at the scanner."

REMEDIES = {
    "active-content": f"A scanner makes no such file; it was made by a program. {PRINT_ANEW} A court officer can file the original where it must stay as it is.",
    "password-protected": "Ask the sender for a copy without the password, or print the file to a new PDF with the password. Scan the paper if there is one.",
    "malformed": f"The file was cut off or spoilt while it was saved or copied. {SCAN_ANEW} Look at the new file before you send it.",
    "empty-file": f"The scan was not saved. Look whether the disk of this PC is full. {SCAN_ANEW}",
    "type-mismatch": f"The file is not of the kind that its ending says, so a program will not open it either. {SCAN_ANEW}",
    "type-not-accepted": f"Send PDF, TIFF, JPEG or PNG. {PRINT_ANEW}",
    "too-large": "Scan the paper in several files, or at 300 dots to the inch in black and white, and put them into the watched folder.",
    "archive-invalid": PRINT_ANEW,
    "virus-found": "Do not open the file. Tell your IT support, and scan the paper itself if you have it.",
    "page-count-mismatch": f"Count the sheets: two may have gone through at once, or one is missing. {SCAN_ANEW}",
    "duplicate-control-number": "The label was used before. Put a fresh label on the paper, and scan it again.",
    "rescan-required": SCAN_ANEW,
    "aborted": "Give the paper back to whoever brought it; a person at the court has decided that it is not filed.",
    "superseded": "Nothing: a later scan of the same paper has taken its place.",
    "batch-stale": SCAN_ANEW,
    "quota-reached": "Nothing today. Put the file into the watched folder again tomorrow, or ask the station manager.",
}
MARK = "\nWhat to do: "


def with_remedy(code: str, said: str) -> str:
    """Return what the court said with what to do about it; a reason without a remedy of its own stays as it was said."""
    return f"{said}{MARK}{REMEDIES[code]}" if code in REMEDIES else said
