namespace FocalSharp.Checkpoints;

/// <summary>Sizes and safetensors names of <see cref="ElementType"/>.</summary>
public static class ElementTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int SizeOf(ElementType type) => type switch
    {
        ElementType.Bool or ElementType.U8 or ElementType.I8 => 1,
        ElementType.U16 or ElementType.I16 or ElementType.F16 or ElementType.BF16 => 2,
        ElementType.U32 or ElementType.I32 or ElementType.F32 => 4,
        _ => 8,
    };

    /// <summary>The name that safetensors headers use: <c>F32</c>, <c>BF16</c>, <c>BOOL</c>, ….</summary>
    public static string NameOf(ElementType type) => type == ElementType.Bool ? "BOOL" : type.ToString();

    /// <summary>The type of a safetensors name, which is case-sensitive; false where the name is not one of ours.</summary>
    public static bool TryParse(string? name, out ElementType type)
    {
        foreach (ElementType candidate in Enum.GetValues<ElementType>())
        {
            if (string.Equals(NameOf(candidate), name, StringComparison.Ordinal))
            {
                type = candidate;
                return true;
            }
        }

        type = default;
        return false;
    }
}
