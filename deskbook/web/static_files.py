"""Static files under names that change with what is in them: browsers keep them for good."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """What a script of ours imports is named by its hash too, or a browser would keep an old
    module.
    """

    support_js_module_import_aggregation = True
    # Ours alone: the scripts of packages import by names that are addresses only once bundled.
    _js_module_import_aggregation_patterns = (
        "js/*.js",
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1],
    )
