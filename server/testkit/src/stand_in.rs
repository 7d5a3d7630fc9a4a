//! A stand-in for the Python of a project, for tests of `reproduce` that need no pytest.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

/// Puts an interpreter into the project's `.venv` that runs `body`, a shell script, for `pytest`. In it `fails` and `passes`
/// tell of the test with this node id, as the plugin would, `begun true` says that pytest-xdist is there, and `count` holds how
/// many runs there were.
///
/// # Errors
/// When it cannot be written.
pub fn stand_in_for_pytest(root: &Path, test: &str, body: &str) -> io::Result<()> {
    let installed = r#"{"python": "3.12.1", "pytest": "8.4.2"}"#;
    let script = format!(
        "#!/bin/sh\n\
         if [ \"$1\" = -c ]; then echo '{installed}'; exit; fi\n\
         echo \"$@\" >> {root}/calls\n\
         count=$(wc -l < {root}/calls)\n\
         tell() {{ echo \"$1\" >> \"$FLAKELESS_EVENTS\"; }}\n\
         report() {{ tell '{{\"event\": \"report\", \"test\": \"'$1'\", \"when\": \"'$2'\", \"outcome\": \"'$3'\", \"text\": \"boom\", \"worker\": null}}'; }}\n\
         passes() {{ report ${{1:-{test}}} setup passed; report ${{1:-{test}}} call passed; report ${{1:-{test}}} teardown passed; }}\n\
         fails() {{ report ${{1:-{test}}} setup passed; report ${{1:-{test}}} call failed; report ${{1:-{test}}} teardown passed; }}\n\
         begun() {{ tell '{{\"event\": \"begun\", \"xdist\": '$1', \"repeat\": false, \"randomly\": false}}'; }}\n\
         begun false\n\
         {body}\n",
        root = root.display(),
    );
    fs::create_dir_all(root.join(".venv/bin"))?;
    let python = root.join(".venv/bin/python");
    fs::write(&python, script)?;
    fs::set_permissions(&python, fs::Permissions::from_mode(0o755))
}
