"""Questions that the desk asks: one module for each dialog, each with a frozen answer."""
