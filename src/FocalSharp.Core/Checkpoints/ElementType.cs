namespace FocalSharp.Checkpoints;

/// <summary>The type of a stored tensor's elements, little-endian in memory and on disk.</summary>
public enum ElementType
{
    /// <summary>One byte: 0 or 1.</summary>
    Bool,

    /// <summary>Unsigned 8-bit integer.</summary>
    U8,

    /// <summary>Signed 8-bit integer.</summary>
    I8,

    /// <summary>Unsigned 16-bit integer.</summary>
    U16,

    /// <summary>Signed 16-bit integer.</summary>
    I16,

    /// <summary>IEEE half precision.</summary>
    F16,

    /// <summary>The upper half of an IEEE single (bfloat16).</summary>
    BF16,

    /// <summary>Unsigned 32-bit integer.</summary>
    U32,

    /// <summary>Signed 32-bit integer.</summary>
    I32,

    /// <summary>IEEE single precision.</summary>
    F32,

    /// <summary>Unsigned 64-bit integer.</summary>
    U64,

    /// <summary>Signed 64-bit integer.</summary>
    I64,

    /// <summary>IEEE double precision.</summary>
    F64,
}
