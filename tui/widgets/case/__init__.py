"""The case: everything about the send under the cursor."""
