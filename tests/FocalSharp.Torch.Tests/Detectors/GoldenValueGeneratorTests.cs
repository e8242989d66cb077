namespace FocalSharp.Torch.Tests.Detectors;

public sealed class GoldenValueGeneratorTests
{
    [Fact]
    public void Follows_the_check_numbers_of_its_description()
    {
        Assert.Equal(0xfe4d8c692f01a9a0, GoldenValueGenerator.Fnv1a("shared-1:input"));
        double[] expected = [0.86247587, 0.64205384, -0.59802628, -0.63429809, 0.6880641];
        double[] actual = [.. GoldenValueGenerator.Numbers("shared-1:input").Take(expected.Length)];
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-7);
        }
    }
}
