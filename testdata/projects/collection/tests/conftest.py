collect_ignore = ["test_ignored_by_name.py"]
collect_ignore += ["old/test_worn.py"]
collect_ignore.append("old/test_torn.py")
collect_ignore_glob = ["*_draft.py"]
