"""The drawing tools of all charts: markup, scales, number formats and colours."""
