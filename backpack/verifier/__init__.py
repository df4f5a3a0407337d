"""The verifier: a pure function from bytes and documents in hand to a report.

``read(data) -> Credential`` · ``wanted(credential, documents) -> set[str]`` ·
``verify(credential, documents, recipients, at) -> Report``. The caller's loop is four lines:

    credential = read(data)
    while urls := wanted(credential, documents):
        documents = documents.plus(*fetch_all(urls))
    report = verify(credential, documents, recipients, at)
"""
