using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace FocalSharp.MLNet.Pipeline;

/// <summary>Detects objects in encoded images.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class BytesMapping : CustomMappingFactory<BytesMapping.Input, DetectedObjects>
{
    public const string Contract = "FocalSharp.BytesMapping";

    public static void Detect(Input input, DetectedObjects output) => output.Set(EmbeddedDetector.Load(input.Detector), Copy(input.Image));

    private static byte[] Copy(VBuffer<byte> image)
    {
        byte[] bytes = new byte[image.Length];
        image.CopyTo(bytes);
        return bytes;
    }

    public override Action<Input, DetectedObjects> GetMapping() => Detect;

    internal sealed class Input
    {
        [ColumnName(Columns.Image)]
        public VBuffer<byte> Image { get; set; }

        [ColumnName(Columns.Detector)]
        public ReadOnlyMemory<char> Detector { get; set; }
    }
}
