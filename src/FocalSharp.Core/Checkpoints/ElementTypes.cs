namespace FocalSharp.Checkpoints;

/// <summary>Sizes and safetensors names of <see cref="ElementType"/>.</summary>
internal static class ElementTypes
{
    /// <summary>Returns the size of one element in bytes.</summary>
    public static int SizeOf(ElementType type) => type switch
    {
        ElementType.Bool or ElementType.U8 or ElementType.I8 => 1,
        ElementType.U16 or ElementType.I16 or ElementType.F16 or ElementType.BF16 => 2,
        ElementType.U32 or ElementType.I32 or ElementType.F32 => 4,
        _ => 8,
    };

    /// <summary>Returns the name in safetensors headers: <c>F32</c>, <c>BF16</c>, <c>BOOL</c>, ….</summary>
    public static string NameOf(ElementType type) => type == ElementType.Bool ? "BOOL" : type.ToString();

    /// <summary>Finds the type with a safetensors name, which is case-sensitive; false if the name is not supported.</summary>
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
