"""The formats that articles come in: one module each, from bytes to text and its layout."""
