"""From bytes to text and pictures: virus scan, sandbox, text layer, OCR, page images."""
