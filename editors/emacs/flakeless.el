;;; flakeless.el --- Why a pytest test will be flaky, and its fix, through Eglot  -*- lexical-binding: t; -*-

;; Package-Requires: ((emacs "30.1"))
;; SPDX-License-Identifier: MIT

;;; Commentary:

;; (add-to-list 'load-path "…/editors/emacs")
;; (require 'flakeless)
;; (add-hook 'python-base-mode-hook #'eglot-ensure)

;;; Code:

(require 'eglot)

(defgroup flakeless nil
  "Hints about flaky pytest tests."
  :group 'tools)

(defcustom flakeless-server '("flakeless" "server")
  "The program that Eglot starts for Python files, and its arguments.
Eglot has one server for a file; to have others beside flakeless, start
a multiplexer, such as
  (\"rass\" \"--\" \"ruff\" \"server\" \"--\" \"flakeless\" \"server\")."
  :type '(repeat string))

(defconst flakeless--fix-all "source.fixAll.flakeless")

;; Configuration files have hints too; one server looks after all of these.
(add-to-list 'eglot-server-programs
             `((python-mode
                python-ts-mode
                (conf-toml-mode :language-id "toml")
                (toml-ts-mode :language-id "toml")
                (conf-unix-mode :language-id "ini")
                (conf-windows-mode :language-id "ini"))
               . ,(lambda (&rest _) flakeless-server)))

(defun flakeless-fix-all ()
  "Apply all safe fixes of this file."
  (interactive)
  (let ((actions (eglot-code-actions (point-min) (point-max) flakeless--fix-all)))
    (dolist (action actions)
      (eglot-execute (eglot-current-server) action))
    (when (and (null actions) (called-interactively-p 'interactive))
      (message "flakeless has no safe fix for this file"))))

(define-minor-mode flakeless-fix-on-save-mode
  "Apply all safe fixes of a file before it is saved."
  :lighter nil
  (if flakeless-fix-on-save-mode
      (add-hook 'before-save-hook #'flakeless--fix-before-save nil t)
    (remove-hook 'before-save-hook #'flakeless--fix-before-save t)))

(defun flakeless--fix-before-save ()
  "Fix what can be fixed; a file is saved whether its server runs or not."
  (when (eglot-managed-p)
    (with-demoted-errors "flakeless: %S"
      (flakeless-fix-all))))

(defun flakeless-check-workspace ()
  "Read all files of the project, then list their hints, open or closed."
  (interactive)
  (eglot-execute (or (eglot-current-server) (user-error "flakeless does not run here: M-x eglot"))
                 '(:title "Check the workspace" :command "flakeless.checkWorkspace"))
  (flymake-show-project-diagnostics))

(provide 'flakeless)
;;; flakeless.el ends here
