using FocalSharp.Torch.Native;

namespace FocalSharp.Torch.Tests.Native;

public sealed class PrecisionSupportTests
{
    // What CPUID returns for caches: type, level and other bits; ways, partitions and line; sets.
    private static readonly (int Eax, int Ebx, int Ecx, int Edx) FirstData = (0x121, 0x1c0003f, 63, 0);
    private static readonly (int Eax, int Ebx, int Ecx, int Edx) FirstCode = (0x122, 0x1c0003f, 63, 0);
    private static readonly (int Eax, int Ebx, int Ecx, int Edx) Second = (0x143, 0x1c0003f, 1023, 0);
    private static readonly (int Eax, int Ebx, int Ecx, int Edx) SecondUnknown = (0x143, 0, 0, 0);

    [Theory]
    [InlineData("GenuineIntel", "first code second", true)]
    [InlineData("AuthenticAMD", "first code second", true)]
    [InlineData("AuthenticAMD", "first code unknown", false)]
    [InlineData("GenuineIntel", "first code", false)]
    [InlineData("GenuineIntel", "code second", false)]
    [InlineData("AuthenticAMD", "", false)]
    public void Caches_are_reported_if_those_of_levels_1_and_2_have_sizes(string vendor, string caches, bool expected)
    {
        (int, int, int, int)[] entries = [.. caches.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(name => name switch { "first" => FirstData, "code" => FirstCode, "second" => Second, _ => SecondUnknown })];

        Assert.Equal(expected, PrecisionSupport.ReportsCaches(CpuId(vendor, 0x10, unchecked((int)0x80000020), entries)));
    }

    [Theory]
    [InlineData("GenuineIntel", 3, 0x80000020)]
    [InlineData("AuthenticAMD", 0x10, 0x80000008)]
    public void Caches_are_not_reported_by_a_processor_without_that_leaf(string vendor, int highest, uint highestExtended) =>
        Assert.False(PrecisionSupport.ReportsCaches(CpuId(vendor, highest, unchecked((int)highestExtended), [FirstData, Second])));

    private static Func<int, int, (int Eax, int Ebx, int Ecx, int Edx)> CpuId(string vendor, int highest, int highestExtended, (int, int, int, int)[] caches)
    {
        int name = BitConverter.ToInt32(System.Text.Encoding.ASCII.GetBytes(vendor));
        return (leaf, subleaf) => (uint)leaf switch
        {
            0 => (highest, name, 0, 0),
            0x80000000 => (highestExtended, 0, 0, 0),
            4 when vendor == "GenuineIntel" => subleaf < caches.Length ? caches[subleaf] : default,
            0x8000001D when vendor == "AuthenticAMD" => subleaf < caches.Length ? caches[subleaf] : default,
            _ => default,
        };
    }
}
