"""The chip of an ID card in software; started by tests/rig/id_card.py."""
