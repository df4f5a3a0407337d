"""An issuer in a box: invented issuers that sign badges of every generation with throwaway keys.

``backpack demo`` fills an instance with them and the tests draw their fixtures from them. What is
signed here is canonicalized by stock pyld and signed by cryptography and joserfc alone, so that it
is a witness of the verifier and not its echo. Invented issuers live under the reserved top-level
domain ``.example``, which never resolves: nothing made here can be mistaken for a real issuer's.
"""
