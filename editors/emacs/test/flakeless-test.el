;;; flakeless-test.el --- What Emacs must come to, in a real one  -*- lexical-binding: t; -*-

;;; Commentary:

;; emacs --batch -l flakeless.el -l flakeless-test.el -f ert-run-tests-batch-and-exit
;; In batch mode no timer of an idle Emacs runs: `flakeless-test--wait' sends what was typed.

;;; Code:

(require 'ert)
(require 'flakeless)

(defconst flakeless-test--editors (expand-file-name "../.." (file-name-directory load-file-name)))
(defconst flakeless-test--guide
  (expand-file-name "../testdata/projects/guide" flakeless-test--editors))

(setq eglot-autoshutdown nil
      make-backup-files nil
      create-lockfiles nil)

(defvar flakeless-test--project nil "The project of the test that runs.")

(defmacro flakeless-test--in-project (&rest body)
  "Run BODY in a copy of the guide's project, a repository as a person's is."
  (declare (indent 0))
  `(let* ((scratch (file-truename (make-temp-file "emacs-" t)))
          (flakeless-test--project (expand-file-name "project/" scratch)))
     (copy-directory flakeless-test--guide flakeless-test--project nil t t)
     (let ((default-directory flakeless-test--project))
       (should (zerop (call-process "git" nil nil nil "init" "--quiet"))))
     (unwind-protect (save-window-excursion ,@body)
       (eglot-shutdown-all)
       (dolist (buffer (buffer-list))
         (when-let* ((file (buffer-file-name buffer))
                     ((string-prefix-p scratch file)))
           (with-current-buffer buffer (set-buffer-modified-p nil))
           (kill-buffer buffer)))
       (delete-directory scratch t))))

(defun flakeless-test--open (file)
  "Show FILE and wait until the server looks after it."
  (switch-to-buffer (find-file-noselect (expand-file-name file flakeless-test--project)))
  (eglot-ensure)
  (run-hooks 'post-command-hook)
  (flakeless-test--wait "the server" #'eglot-managed-p))

(defun flakeless-test--wait (what condition)
  "Wait for WHAT until CONDITION is true, as an idle Emacs does; its value."
  (let ((deadline (+ (float-time) 20)) value)
    (while (not (setq value (funcall condition)))
      (when (> (float-time) deadline)
        (ert-fail (list 'waited-for what (buffer-name) (buffer-string)
                        (and (bound-and-true-p flymake-mode) (flakeless-test--hints)))))
      (when (eglot-managed-p)
        (eglot--signal-textDocument/didChange)
        (flymake-start))
      (accept-process-output nil 0.02))
    value))

(defun flakeless-test--hints ()
  "The hints of this buffer: line and columns as people count them, severity, text."
  (sort (mapcar (lambda (hint)
                  (save-excursion
                    (goto-char (flymake-diagnostic-beg hint))
                    (list (line-number-at-pos) (1+ (current-column))
                          (buffer-substring-no-properties (point) (flymake-diagnostic-end hint))
                          (flymake-diagnostic-type hint)
                          (flymake-diagnostic-text hint))))
                (flymake-diagnostics))
        :key #'car))

(defun flakeless-test--lines ()
  (mapcar #'car (flakeless-test--hints)))

(defun flakeless-test--wait-lines (&rest lines)
  (flakeless-test--wait (format "hints on the lines %S" lines)
                        (lambda () (equal (flakeless-test--lines) lines))))

(defun flakeless-test--go (line column)
  (goto-char (point-min))
  (forward-line (1- line))
  (forward-char (1- column)))

(defun flakeless-test--checked (file)
  "What the command line says of FILE, in the form of `flakeless-test--hints' without texts."
  (let ((hints (with-temp-buffer
                 (setq default-directory flakeless-test--project)
                 (call-process "flakeless" nil '(t nil) nil "check" "--output-format" "json"
                               "--min-confidence" "possible" file)
                 (goto-char (point-min))
                 (gethash "hints" (json-parse-buffer)))))
    (mapcar (lambda (hint)
              (let* ((range (gethash "range" hint))
                     (start (gethash "start" range))
                     (end (gethash "end" range)))
                (list (gethash "line" start) (gethash "column" start)
                      (- (gethash "column" end) (gethash "column" start))
                      (if (equal (gethash "confidence" hint) "likely") 'eglot-warning 'eglot-note)
                      (gethash "rule" hint))))
            hints)))

(defun flakeless-test--bytes (file)
  (with-temp-buffer
    (set-buffer-multibyte nil)
    (insert-file-contents-literally (expand-file-name file flakeless-test--project))
    (buffer-string)))

(defun flakeless-test--patched (file difference)
  "The bytes of FILE, which has LF line ends, with what the expected DIFFERENCE makes of it."
  (let* ((directory (make-temp-file "patched-" t))
         (copy (expand-file-name file directory))
         (default-directory (file-name-as-directory directory))
         (process-environment (cons (concat "GIT_CEILING_DIRECTORIES=" directory) process-environment)))
    (make-directory (file-name-directory copy) t)
    (copy-file (expand-file-name file flakeless-test--guide) copy)
    (unwind-protect
        (progn
          (should (zerop (call-process "git" nil nil nil "apply" "-p0"
                                       (expand-file-name difference (expand-file-name "expected" flakeless-test--editors)))))
          (flakeless-test--bytes copy))
      (delete-directory directory t))))

(defun flakeless-test--choose (title)
  "Choose the action with this TITLE at point from the menu, by the keyboard."
  (let ((last-nonmenu-event ?a)
        (completing-read-function (lambda (_prompt items &rest _)
                                    (should (assoc title items))
                                    title)))
    (call-interactively #'eglot-code-actions)))

(ert-deftest flakeless-test-hints ()
  (flakeless-test--in-project
    (let* ((file "tests/test_manifest.py")
           (expected (flakeless-test--checked file)))
      (should expected)
      (flakeless-test--open file)
      (apply #'flakeless-test--wait-lines (mapcar #'car expected))
      (cl-loop for (line column text severity message) in (flakeless-test--hints)
               for (expected-line expected-column length expected-severity rule) in expected
               do (should (equal (list line column (length text) severity)
                                 (list expected-line expected-column length expected-severity)))
               do (should (string-search rule message))))))

(ert-deftest flakeless-test-evidence-in-message-and-hover ()
  (flakeless-test--in-project
    (flakeless-test--open "tests/test_labels.py")
    (flakeless-test--wait-lines 13 17 21 28 35)
    (should (string-search "conftest.py:12" (nth 4 (car (flakeless-test--hints)))))
    (flakeless-test--go 13 30)
    (let (page)
      (eglot-hover-eldoc-function (lambda (text &rest _) (setq page text)))
      (flakeless-test--wait "the hover" (lambda () page))
      (should (string-search "A check against a class that a reload has replaced since the test module imported it." page))
      (should (string-match-p "conftest\\.py.*12" page)))))

(ert-deftest flakeless-test-actions ()
  (let ((actions (with-temp-buffer
                   (insert-file-contents (expand-file-name "expected/actions.json" flakeless-test--editors))
                   (json-parse-buffer))))
    (should (= (length actions) 4))
    (seq-doseq (action actions)
      (flakeless-test--in-project
        (let ((file (gethash "file" action)) (line (gethash "line" action)))
          (flakeless-test--open file)
          (flakeless-test--wait "the hint" (lambda () (memq line (flakeless-test--lines))))
          (flakeless-test--go line (gethash "column" action))
          (flakeless-test--choose (gethash "title" action))
          (save-buffer)
          (should (equal (flakeless-test--bytes file)
                         (flakeless-test--patched file (format "actions/%s.diff" (gethash "name" action))))))))))

(ert-deftest flakeless-test-crlf-and-wide-characters ()
  (flakeless-test--in-project
    (let* ((file "tests/test_odd.py")
           (source (expand-file-name "expected/test_odd.py" flakeless-test--editors))
           (crlf (lambda (bytes) (string-replace "\n" "\r\n" bytes)))
           (coding-system-for-write 'no-conversion))
      (with-temp-file (expand-file-name file flakeless-test--project)
        (set-buffer-multibyte nil)
        (insert (funcall crlf (flakeless-test--bytes source))))
      (flakeless-test--open file)
      (should (eq (coding-system-eol-type buffer-file-coding-system) 1))
      (flakeless-test--wait-lines 7)
      (should (equal (nth 2 (car (flakeless-test--hints))) "settings.EXPRESS"))
      (goto-char (flymake-diagnostic-beg (car (flymake-diagnostics))))
      (flakeless-test--choose "Change `depot.settings.EXPRESS` with `monkeypatch`, which undoes it")
      (let ((coding-system-for-write nil)) (save-buffer))
      (let ((flakeless-test--guide (expand-file-name "expected" scratch)))
        (make-directory (expand-file-name "tests" flakeless-test--guide) t)
        (copy-file source (expand-file-name file flakeless-test--guide))
        (should (equal (flakeless-test--bytes file)
                       (funcall crlf (flakeless-test--patched file "actions/odd.diff"))))))))

(ert-deftest flakeless-test-typing ()
  (flakeless-test--in-project
    (flakeless-test--open "tests/test_labels.py")
    (flakeless-test--wait-lines 13 17 21 28 35)
    (goto-char (point-max))
    (insert "\n\ndef test_late():\n    open(\"late.csv\", \"w\")\n")
    (flakeless-test--wait-lines 13 17 21 28 35 53)
    (forward-line -1)
    (delete-line)
    (flakeless-test--wait-lines 13 17 21 28 35)))

(ert-deftest flakeless-test-unsaved-conftest ()
  (flakeless-test--in-project
    (flakeless-test--open "tests/test_labels.py")
    (flakeless-test--wait-lines 13 17 21 28 35)
    (let ((labels (current-buffer)))
      (flakeless-test--open "tests/conftest.py")
      (buffer-enable-undo)
      (undo-boundary)
      (flakeless-test--go 12 1)
      (delete-line)
      (eglot--signal-textDocument/didChange)
      (with-current-buffer labels
        (flakeless-test--wait "the sure hints to go" (lambda () (not (memq 13 (flakeless-test--lines))))))
      (undo-boundary)
      (undo)
      (should (string-search "importlib.reload(depot)" (buffer-string)))
      (eglot--signal-textDocument/didChange)
      (with-current-buffer labels
        (flakeless-test--wait-lines 13 17 21 28 35)))))

(ert-deftest flakeless-test-configuration-file ()
  (flakeless-test--in-project
    (flakeless-test--open "pyproject.toml")
    (should (eq major-mode 'conf-toml-mode))
    (flakeless-test--wait-lines 16)))

(ert-deftest flakeless-test-fix-on-save ()
  (flakeless-test--in-project
    (let ((file "tests/test_zones.py"))
      (flakeless-test--open file)
      (flakeless-fix-on-save-mode)
      (flakeless-test--wait "hints" #'flakeless-test--hints)
      (set-buffer-modified-p t)
      (save-buffer)
      (should (equal (flakeless-test--bytes file) (flakeless-test--patched file "fix-all.diff"))))))

(ert-deftest flakeless-test-killed-server-comes-back ()
  (flakeless-test--in-project
    (let ((eglot-autoreconnect 1) first)
      (flakeless-test--open "tests/test_labels.py")
      (flakeless-test--wait-lines 13 17 21 28 35)
      (setq first (eglot-current-server))
      ;; Eglot does not start a server again that ended at once.
      (let ((start (float-time)))
        (flakeless-test--wait "a second" (lambda () (> (- (float-time) start) eglot-autoreconnect))))
      (signal-process (jsonrpc--process first) 'SIGKILL)
      (flakeless-test--wait "the server's end" (lambda () (not (jsonrpc-running-p first))))
      (flakeless-test--wait "another server"
                            (lambda () (not (memq (eglot-current-server) (list nil first)))))
      (flakeless-test--wait-lines 13 17 21 28 35))))

(ert-deftest flakeless-test-closed-files-once-the-workspace-was-checked ()
  (flakeless-test--in-project
    (flakeless-test--open "tests/test_labels.py")
    (flakeless-test--wait-lines 13 17 21 28 35)
    (flakeless-check-workspace)
    (flakeless-test--wait "the list" (lambda () (flakeless-test--listed "test_zones.py")))))

(defun flakeless-test--listed (file)
  "Whether the list of the project's hints has FILE."
  (when-let* ((list (seq-find (lambda (buffer) (string-prefix-p "*Flymake diagnostics for" (buffer-name buffer)))
                              (buffer-list))))
    (with-current-buffer list
      (revert-buffer)
      (string-search file (buffer-string)))))

;;; flakeless-test.el ends here
