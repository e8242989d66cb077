using FocalSharp.Runtime;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Image;

namespace FocalSharp.MLNet.Pipeline;

/// <summary>Detects objects in images in memory.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class ImageMapping : CustomMappingFactory<ImageMapping.Input, DetectedObjects>
{
    public const string Contract = "FocalSharp.ImageMapping";

    public static void Detect(Input input, DetectedObjects output) => output.Set(EmbeddedDetector.Load(input.Detector), Convert(input.Image));

    /// <summary>Describes the input; estimators compare the size of the images, too, which a column may leave open.</summary>
    public static SchemaDefinition CreateSchema(ImageDataViewType type)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Input));
        schema[Columns.Image].ColumnType = type;
        return schema;
    }

    private static ImageSource Convert(MLImage image) => ImageSource.FromPixels(image.Pixels.ToArray(), image.Width, image.Height, image.PixelFormat switch
    {
        MLPixelFormat.Rgba32 => PixelFormat.Rgba32,
        MLPixelFormat.Bgra32 => PixelFormat.Bgra32,
        _ => throw new ImageException($"The MLImage has pixels of an unknown format ({image.PixelFormat}). Create it from a file, or as Rgba32 or Bgra32."),
    });

    public override Action<Input, DetectedObjects> GetMapping() => Detect;

    internal sealed class Input
    {
        [ColumnName(Columns.Image)]
        [ImageType(1, 1)] // required; CreateSchema replaces it
        public MLImage Image { get; set; } = null!;

        [ColumnName(Columns.Detector)]
        public ReadOnlyMemory<char> Detector { get; set; }
    }
}
