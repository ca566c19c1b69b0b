"""The rules of the contract, by what they are about, and what they share."""
