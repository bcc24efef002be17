/* What durable-rules uses of Python, declared from the documentation of the stable ABI.

   With Python's own headers, a build fits one version, needs the headers of that version, and cannot be made for
   another system without that system's pyconfig.h. The functions below are the same in every Python from 3.11 on,
   so one library runs on all of them. `make wheels` checks that a library asks Python for nothing else. */

#ifndef PYTHON_H
#define PYTHON_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PY_MAJOR_VERSION 3

#ifdef _WIN32
#define FROM_PYTHON __declspec(dllimport) extern
#define PyMODINIT_FUNC __declspec(dllexport) PyObject *
#else
#define FROM_PYTHON extern
#define PyMODINIT_FUNC __attribute__((visibility("default"))) PyObject *
#endif

typedef intptr_t Py_ssize_t;
typedef struct _typeobject PyTypeObject;
typedef struct _object {
    Py_ssize_t ob_refcnt;
    PyTypeObject *ob_type;
} PyObject;
typedef PyObject *(*PyCFunction)(PyObject *, PyObject *);

typedef struct {
    const char *ml_name;
    PyCFunction ml_meth;
    int ml_flags;
    const char *ml_doc;
} PyMethodDef;

typedef struct PyModuleDef {
    PyObject ob_base;
    PyObject *(*m_init)(void);
    Py_ssize_t m_index;
    PyObject *m_copy;
    const char *m_name;
    const char *m_doc;
    Py_ssize_t m_size;
    PyMethodDef *m_methods;
    void *m_slots;
    void *m_traverse;
    void *m_clear;
    void *m_free;
} PyModuleDef;

#define PyModuleDef_HEAD_INIT {1, NULL}, NULL, 0, NULL
#define METH_VARARGS 0x0001

FROM_PYTHON int PyArg_ParseTuple(PyObject *, const char *, ...);
FROM_PYTHON PyObject *Py_BuildValue(const char *, ...);
FROM_PYTHON void Py_DecRef(PyObject *);
FROM_PYTHON void Py_IncRef(PyObject *);
FROM_PYTHON PyObject *PyErr_NewException(const char *, PyObject *, PyObject *);
FROM_PYTHON PyObject *PyErr_NoMemory(void);
FROM_PYTHON void PyErr_SetString(PyObject *, const char *);
FROM_PYTHON long PyLong_AsLong(PyObject *);
FROM_PYTHON int PyModule_AddObject(PyObject *, const char *, PyObject *);
FROM_PYTHON PyObject *PyModule_Create2(PyModuleDef *, int);
FROM_PYTHON PyObject *PyObject_CallObject(PyObject *, PyObject *);
FROM_PYTHON unsigned long PyType_GetFlags(PyTypeObject *);

/* The 3 is the version of the stable ABI. */
#define PyModule_Create(definition) PyModule_Create2(definition, 3)
/* The 24th flag of a type says that it is int or derived from it. */
#define PyLong_Check(object) (PyType_GetFlags((object)->ob_type) & (1UL << 24))
#define Py_INCREF(object) Py_IncRef(object)
#define Py_DECREF(object) Py_DecRef(object)
#define Py_XINCREF(object) Py_IncRef(object)
#define Py_XDECREF(object) Py_DecRef(object)
/* Of nothing, Python builds None. */
#define Py_RETURN_NONE return Py_BuildValue("")

#endif
