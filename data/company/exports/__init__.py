"""The demo company's exports: the same foreign files that a customer would bring."""
